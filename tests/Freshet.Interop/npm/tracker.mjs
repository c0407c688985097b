// The tracker of npm at one address, on a free port for HTTP and one for UDP. Writes "HTTP-PORT UDP-PORT" when it listens on both, and
// ends with its standard input.
//
// usage: node tracker.mjs ADDRESS
import { isIPv6 } from 'node:net'
import Server from 'bittorrent-tracker/server'

const address = process.argv[2]
const server = new Server({ http: true, udp: true, ws: false, stats: false })
server.on('error', error => {
  console.error(error)
  process.exit(1)
})
server.on('warning', warning => console.error(`warning: ${warning.message}`))

// Its own listen() wants both families; each socket of it is listened on by itself.
const udp = isIPv6(address) ? server.udp6 : server.udp4
server.http.listen(0, address, () =>
  udp.bind(0, address, () => console.log(`${server.http.address().port} ${udp.address().port}`)))

process.stdin.on('end', () => process.exit(0)).resume()
