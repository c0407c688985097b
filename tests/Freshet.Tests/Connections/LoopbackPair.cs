using System.Net;
using System.Net.Sockets;
using Freshet.Connections;

namespace Freshet.Tests.Connections;

/// <summary>Two ends of one real connection on this machine.</summary>
internal sealed class LoopbackPair : IDisposable
{
    private LoopbackPair(Socket near, Socket far)
    {
        Near = new TcpTransport(near);
        Far = new TcpTransport(far);
    }

    public TcpTransport Near { get; }

    public TcpTransport Far { get; }

    public static async Task<LoopbackPair> ConnectAsync(IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        using Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        Socket near = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken);
        return new LoopbackPair(near, await listener.AcceptAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }
}
