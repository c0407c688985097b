using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Freshet.Daemon.Tests;

/// <summary>A login whose body is announced but never sent.</summary>
internal sealed class HangingLogin : IDisposable
{
    private readonly TcpClient _client = new();

    private HangingLogin()
    {
    }

    /// <summary>Sends the head of the login. The daemon answers that it waits for the body.</summary>
    public static async Task<HangingLogin> SendAsync(TestDaemon daemon)
    {
        HangingLogin login = new();
        await login._client.ConnectAsync(IPAddress.Loopback, daemon.Server.Urls[0].Port, TestContext.Current.CancellationToken);
        string head = $"POST /api/v1/login HTTP/1.1\r\nHost: {daemon.Server.Urls[0].Authority}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 30\r\nExpect: 100-continue\r\n\r\n";
        await login._client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 100", await login.AnswerAsync(), StringComparison.Ordinal);
        return login;
    }

    /// <summary>Returns what the daemon sends next.</summary>
    public async Task<string> AnswerAsync()
    {
        byte[] buffer = new byte[4096];
        int read = await _client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().Bounded();
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    public void Dispose() => _client.Dispose();
}
