using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Freshet.Daemon.Tests;

/// <summary>A minimal HTTP server on loopback: each request gets the answer that the test gives, as soon as the test gives it.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<string, Task<byte[]>> _answer;
    private readonly Task _accepting;

    /// <param name="answer">Makes the body of the answer to a request from its path and query.</param>
    public StubServer(Func<string, Task<byte[]>> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>The paths that were requested, with their queries.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> clients = [];
        try
        {
            while (true)
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        finally
        {
            await Task.WhenAll(clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream stream = client.GetStream();
            using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
            string path = (await reader.ReadLineAsync(_ending.Token))?.Split(' ')[1] ?? "";
            while (await reader.ReadLineAsync(_ending.Token) is { Length: > 0 })
            {
            }

            Requests.Enqueue(path);
            byte[] body = await _answer(path).WaitAsync(_ending.Token);
            string head = $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _ending.Token);
            await stream.WriteAsync(body, _ending.Token);
        }
    }
}
