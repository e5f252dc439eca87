import { render } from 'preact'
import { App } from './app.js'
import './style/base.css'
import './style/badges.css'
import './style/list.css'
import './style/charts.css'
import './style/entry.css'
import './style/try.css'

render(<App />, document.getElementById('page')!)
