using System.Net.Sockets;

namespace Freshet.Discovery;

/// <summary>
/// A connection that is reset when the local address it comes from is lost, whether a request is in progress or it is kept for the next:
/// the system would send what is pending by another address.
/// </summary>
internal sealed class BoundStream : NetworkStream
{
    private readonly CancellationTokenRegistration _lost;

    /// <param name="socket">The connection, which the stream owns.</param>
    /// <param name="untilLost">Cancelled when the address is lost.</param>
    public BoundStream(Socket socket, CancellationToken untilLost)
        : base(socket, ownsSocket: true) =>
        _lost = untilLost.UnsafeRegister(static socket => ((Socket)socket!).Close(timeout: 0), socket);

    protected override void Dispose(bool disposing)
    {
        // Does not wait for the reset, which may be what disposes of this.
        _lost.Unregister();
        base.Dispose(disposing);
    }
}
