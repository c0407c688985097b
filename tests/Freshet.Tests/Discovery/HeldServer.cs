using System.Net;
using System.Text;

namespace Freshet.Tests.Discovery;

/// <summary>An HTTP server that does not answer any request before it is released.</summary>
internal sealed class HeldServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _released = new(0);
    private readonly ScriptedServer _server;

    public HeldServer(string body)
    {
        byte[] answer = Encoding.Latin1.GetBytes($"HTTP/1.0 200 OK\r\n\r\n{body}");
        _server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            _arrived.Release();
            await _released.WaitAsync(cancellation);
            await stream.WriteAsync(answer, cancellation);
        });
    }

    public IPEndPoint EndPoint => _server.EndPoint;

    public string AnnounceUrl => _server.AnnounceUrl;

    /// <summary>Waits for this many more requests.</summary>
    public async Task ArrivedAsync(int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(await _arrived.WaitAsync(Patience, TestContext.Current.CancellationToken), "no request came");
    }

    /// <summary>Answers this many requests, including those to come.</summary>
    public void Release(int count) => _released.Release(count);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _arrived.Dispose();
        _released.Dispose();
    }
}
