/**
 * What every peer does around its handler: it listens on a free port of the loopback interface, says where to whoever
 * started it, and ends with them.
 */
export function servePeer(server, { path, token }) {
  server.listen(0, "127.0.0.1", () => {
    process.send({ url: `http://127.0.0.1:${server.address().port}${path}`, token });
  });
  process.on("disconnect", () => process.exit());
}
