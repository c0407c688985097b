using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Freshet.Cli.Tests;

/// <summary>A web server that answers one request, whatever it asks for.</summary>
internal sealed class OneAnswer : IDisposable
{
    // A BitTorrent handshake begins with the length of the protocol's name.
    private const byte BitTorrent = 19;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public OneAnswer(int status, byte[] body, string? location = null, int? announcedLength = null, string reason = "Words")
    {
        _listener.Start();
        string redirection = location is null ? "" : $"Location: {location}\r\n";
        byte[] head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status} {reason}\r\n{redirection}Content-Length: {announcedLength ?? body.Length}\r\nConnection: close\r\n\r\n");
        _serving = ServeAsync([.. head, .. body]);
    }

    public string Url => $"http://{_listener.LocalEndpoint}/x.torrent";

    public string AnnounceUrl => $"http://{_listener.LocalEndpoint}/announce";

    /// <summary>The address that the request came from; null before.</summary>
    public IPAddress? Client { get; private set; }

    /// <summary>The request; empty before.</summary>
    public string Request { get; private set; } = "";

    /// <summary>Whether it is not an error if nobody asks.</summary>
    public bool MayBeLeftAlone { get; init; }

    public void Dispose()
    {
        if (MayBeLeftAlone)
        {
            _listener.Dispose();
            return;
        }

        // A reader of the answer may get here before the writer is done.
        bool served = _serving.Wait(TimeSpan.FromSeconds(30));
        _listener.Dispose();
        Assert.True(served, "nobody asked");
    }

    private async Task ServeAsync(byte[] answer)
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync();
        Client = ((IPEndPoint)client.Client.RemoteEndPoint!).Address;
        NetworkStream stream = client.GetStream();
        byte[] request = new byte[4096];
        int length = 0;
        int read;
        do
        {
            read = await stream.ReadAsync(request.AsMemory(length));
            length += read;
        }
        while (read > 0 && request[0] != BitTorrent && !request.AsSpan(0, length).EndsWith("\r\n\r\n"u8));
        Request = Encoding.ASCII.GetString(request, 0, length);
        await stream.WriteAsync(answer);
    }
}
