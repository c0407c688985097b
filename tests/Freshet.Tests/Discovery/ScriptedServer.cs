using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Freshet.Tests.Discovery;

/// <summary>A server on loopback that takes a request's head and sends exactly the bytes it is told to, be they HTTP or not.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<string, NetworkStream, CancellationToken, Task> _script;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    public ScriptedServer(Func<string, NetworkStream, CancellationToken, Task> script, IPAddress? address = null)
    {
        _script = script;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public ConcurrentQueue<string> Heads { get; } = [];

    public ConcurrentQueue<IPEndPoint> Clients { get; } = [];

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public string AnnounceUrl => $"http://{EndPoint}/announce";

    /// <summary>Answers every request with these bytes.</summary>
    public static ScriptedServer Raw(params byte[][] answers) => new(async (_, stream, cancellation) =>
    {
        foreach (byte[] answer in answers)
            await stream.WriteAsync(answer, cancellation);
    });

    /// <summary>Answers every request with this status, body and headers.</summary>
    public static ScriptedServer Http(string status, string body, params string[] headers) => Raw(
        Encoding.Latin1.GetBytes(string.Concat([$"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n", .. headers.Select(header => header + "\r\n"), "\r\n", body])));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        Clients.Enqueue((IPEndPoint)client.Client.RemoteEndPoint!);
        try
        {
            NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[16 * 1024];
            int length = 0;
            while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                int read = await stream.ReadAsync(buffer.AsMemory(length), _stopping.Token);
                if (read == 0)
                    return;
                length += read;
            }

            string head = Encoding.Latin1.GetString(buffer, 0, length);
            Heads.Enqueue(head);
            await _script(head, stream, _stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
        }
    }
}
