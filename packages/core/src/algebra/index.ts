export { factorise, rowOf, solveRow, solveTransposed, squaredNorm } from './cholesky.js'
