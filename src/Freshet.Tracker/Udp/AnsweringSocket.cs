using System.Net;
using System.Net.Sockets;
using Freshet.Tracker.Swarms;

namespace Freshet.Tracker.Udp;

/// <summary>
/// Receives datagrams one by one, each of which may be answered before the next. Nothing is allocated for a datagram. Used by one thread.
/// </summary>
internal class AnsweringSocket(Socket socket) : IDisposable
{
    private readonly SocketAddress _sender = new(socket.AddressFamily);

    protected Socket Socket { get; } = socket;

    /// <summary>
    /// The way that suits a bound socket: on all addresses of a Linux machine, answers leave by the address that was asked.
    /// </summary>
    public static AnsweringSocket For(Socket socket) =>
        LinuxAnsweringSocket.IsOfUseFor(socket) ? new LinuxAnsweringSocket(socket) : new AnsweringSocket(socket);

    /// <summary>Waits for a datagram; returns its length.</summary>
    /// <exception cref="SocketException">Something is wrong with a datagram, or with the socket.</exception>
    public virtual int Receive(byte[] datagram, out PeerAddress sender)
    {
        int length = Socket.ReceiveFrom(datagram, SocketFlags.None, _sender);
        sender = PeerAddress.From(_sender);
        return length;
    }

    /// <summary>Answers the datagram that was received last.</summary>
    /// <exception cref="SocketException">The answer cannot be sent.</exception>
    public virtual void Answer(ReadOnlySpan<byte> answer) => Socket.SendTo(answer, SocketFlags.None, _sender);

    public void Dispose() => Socket.Dispose();
}
