using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Freshet.Tests.Discovery;

/// <summary>
/// A server on loopback that receives the head of a request and sends exactly the bytes that the test gives, be they HTTP or not; over TLS
/// if it has a certificate.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<string, Stream, CancellationToken, Task> _script;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    public ScriptedServer(
        Func<string, Stream, CancellationToken, Task> script, IPAddress? address = null, int port = 0, X509Certificate2? certificate = null)
    {
        _script = script;
        _certificate = certificate;
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public ConcurrentQueue<string> Heads { get; } = [];

    public ConcurrentQueue<IPEndPoint> Clients { get; } = [];

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public string AnnounceUrl => $"{(_certificate is null ? "http" : "https")}://{EndPoint}/announce";

    /// <summary>Answers every request with these bytes.</summary>
    public static ScriptedServer Raw(params byte[][] answers) => new(async (_, stream, cancellation) =>
    {
        foreach (byte[] answer in answers)
            await stream.WriteAsync(answer, cancellation);
    });

    /// <summary>Answers every request with this status, body and headers.</summary>
    public static ScriptedServer Http(string status, string body, params string[] headers) => Raw(Encoding.Latin1.GetBytes(
        $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n"
        + string.Concat(headers.Select(header => header + "\r\n"))
        + $"\r\n{body}"));

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
            await using Stream stream = await OpenAsync(client);
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
        catch (Exception e) when (e is OperationCanceledException or IOException or AuthenticationException)
        {
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
            return client.GetStream();
        SslStream stream = new(client.GetStream());

        // Offline, otherwise it would fetch its own issuer's certificate.
        SslStreamCertificateContext context = SslStreamCertificateContext.Create(_certificate, null, offline: true);
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, _stopping.Token);
        return stream;
    }
}
