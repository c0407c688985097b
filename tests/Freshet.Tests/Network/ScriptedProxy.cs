using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Tests.Network;

/// <summary>A SOCKS5 proxy that remembers what it was asked for, and leads every name to this machine.</summary>
internal sealed class ScriptedProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedProxy()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>The host and port of each target.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public ProxyOptions Options => new()
    {
        Kind = ProxyKind.Socks5,
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
    };

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient near = client;
        using TcpClient far = new();
        try
        {
            NetworkStream stream = near.GetStream();
            await TakeAsync(stream, 3);
            await stream.WriteAsync((byte[])[5, 0]);
            byte kind = (await TakeAsync(stream, 4))[3];
            int length = kind == 3 ? (await TakeAsync(stream, 1))[0] : 4;
            byte[] host = await TakeAsync(stream, length);
            byte[] port = await TakeAsync(stream, 2);
            string name = kind == 3 ? Encoding.ASCII.GetString(host) : new IPAddress(host).ToString();
            int number = (port[0] << 8) | port[1];
            Asked.Enqueue($"{name}:{number}");
            await far.ConnectAsync(IPAddress.Loopback, number);
            await stream.WriteAsync((byte[])[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
            await Task.WhenAny(stream.CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(stream));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // One side has left.
        }
    }

    private static async Task<byte[]> TakeAsync(NetworkStream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
