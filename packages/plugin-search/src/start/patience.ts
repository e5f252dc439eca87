/**
 * So many candidates in a row that are known or too slow end a search. At the published 2.4 % of networks under half of
 * MnasNet-A1's latency, 1000 in a row that are too slow do not happen by chance.
 */
export const patience = 1000
