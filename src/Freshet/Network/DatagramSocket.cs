using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>A bound UDP socket that receives and sends in batches, as far as the system can. Used by one thread at a time.</summary>
internal abstract class DatagramSocket(Socket socket) : IDisposable
{
    public IPEndPoint LocalEndPoint { get; } = (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Datagrams of the last <see cref="Take"/> that were longer than any may be, and are lost.</summary>
    public int Truncated { get; protected set; }

    protected Socket Socket { get; } = socket;

    /// <summary>
    /// Opens a socket with a port, or with another if that is taken: a protocol tells its peers the port, so it need not be the wanted one.
    /// </summary>
    /// <param name="options">At which address, and by which of the calls that the system has.</param>
    /// <param name="family">Which family.</param>
    /// <param name="port">The port wanted.</param>
    /// <exception cref="SocketException">There can be no socket.</exception>
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

        RefuseFragments(socket);
        return options.Batches && BatchDatagramSocket.IsSupported(socket)
            ? new BatchDatagramSocket(socket, options.Merges)
            : new PlainDatagramSocket(socket);
    }

    /// <summary>Waits until there is something to take. Allocates nothing.</summary>
    /// <exception cref="SocketException">The system says that something is wrong, which need not be this socket's fault.</exception>
    public abstract ValueTask<int> WaitAsync();

    /// <summary>Takes what there is; returns how many datagrams, perhaps none.</summary>
    /// <param name="waited">What <see cref="WaitAsync"/> gave.</param>
    /// <exception cref="SocketException">As of <see cref="WaitAsync"/>.</exception>
    public abstract int Take(int waited);

    /// <summary>The nth datagram of the last <see cref="Take"/>.</summary>
    public abstract ReadOnlySpan<byte> Datagram(int index, out UdpAddress sender);

    /// <summary>
    /// Sends from the queue, and removes what was sent and what cannot be sent. What is left when it returns waits for room in the socket.
    /// </summary>
    /// <returns>How many could not be sent.</returns>
    public abstract int Send(DatagramQueue queue);

    public void Dispose() => Socket.Dispose();

    // A protocol that looks for the longest datagram of a path would find what the system sends in pieces, and lose all of it with one.
    private static void RefuseFragments(Socket socket)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption(MtuLevel(socket), MtuOption(socket), BitConverter.GetBytes(Native.MtuProbe));
            else
                socket.DontFragment = true;
        }
        catch (SocketException)
        {
            // A system that has no such thing: longer datagrams are sent in pieces.
        }
    }

    private static int MtuLevel(Socket socket) => socket.AddressFamily == AddressFamily.InterNetworkV6 ? Native.IPv6 : Native.IP;

    private static int MtuOption(Socket socket) =>
        socket.AddressFamily == AddressFamily.InterNetworkV6 ? Native.IPv6MtuDiscover : Native.MtuDiscover;
}
