using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>A bound UDP socket that receives and sends in batches, as far as the system can. Used by one thread at a time.</summary>
internal abstract class DatagramSocket(Socket socket) : IDisposable
{
    public IPEndPoint LocalEndPoint { get; } = (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Datagrams of the last <see cref="Take"/> that were too long and are lost.</summary>
    public int Truncated { get; protected set; }

    protected Socket Socket { get; } = socket;

    /// <summary>Whether the system may send its datagrams in fragments.</summary>
    protected FragmentOption Fragments { get; } = new(socket);

    /// <summary>
    /// Opens a socket on a port, or on another one if that is taken: protocols announce their port to peers, so it need not be the wanted
    /// one.
    /// </summary>
    /// <param name="options">The local address, and which system calls to use.</param>
    /// <param name="family">The address family.</param>
    /// <param name="port">The wanted port.</param>
    /// <exception cref="SocketException">No socket can be opened.</exception>
    public static DatagramSocket Open(UdpMuxOptions options, AddressFamily family, int port)
    {
        Socket socket;
        try
        {
            socket = options.Binding.OpenAt(family, SocketType.Dgram, port);
        }
        catch (SocketException e) when (port != 0 && e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket = options.Binding.OpenAt(family, SocketType.Dgram, 0);
        }

        return Use(socket, options);
    }

    /// <summary>Opens a socket on any port, to exchange datagrams with one address.</summary>
    /// <exception cref="SocketException">No socket can be opened.</exception>
    public static DatagramSocket OpenFor(UdpMuxOptions options, IPAddress target) => Use(options.Binding.OpenUdpFor(target), options);

    private static DatagramSocket Use(Socket socket, UdpMuxOptions options) =>
        options.Batches && BatchDatagramSocket.IsSupported(socket)
            ? new BatchDatagramSocket(socket, options.Merges)
            : new PlainDatagramSocket(socket);

    /// <summary>Waits until there is something to receive. Allocates nothing.</summary>
    /// <exception cref="SocketException">The system reports an error, which need not be this socket's fault.</exception>
    public abstract ValueTask<int> WaitAsync();

    /// <summary>Receives what is available; returns the number of datagrams, perhaps none.</summary>
    /// <param name="waited">The result of <see cref="WaitAsync"/>.</param>
    /// <exception cref="SocketException">As of <see cref="WaitAsync"/>.</exception>
    public abstract int Take(int waited);

    /// <summary>The nth datagram of the last <see cref="Take"/>.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="sender">Where it comes from.</param>
    /// <param name="own">
    /// The address of ours that it was sent to, from which an answer is expected; null if the socket has only one, or the system does not
    /// say.
    /// </param>
    public abstract ReadOnlySpan<byte> Datagram(int index, out UdpAddress sender, out UdpAddress? own);

    /// <summary>
    /// Sends from the queue, and removes what was sent and what cannot be sent. What is left afterwards waits for room in the socket.
    /// </summary>
    /// <returns>The number of datagrams that could not be sent.</returns>
    public abstract int Send(DatagramQueue queue);

    public void Dispose() => Socket.Dispose();
}
