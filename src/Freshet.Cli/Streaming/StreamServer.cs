using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Freshet.Cli.Streaming;

/// <summary>Serves one file of a torrent to players on this machine, over HTTP.</summary>
internal sealed class StreamServer : IAsyncDisposable
{
    private const int MaxConnections = 64;

    private readonly KestrelServer _server;

    private StreamServer(int port)
    {
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);

        // A paused player reads nothing for as long as its user likes.
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
    }

    /// <summary>The URL for players. It ends in the file's name, which players show.</summary>
    public Uri? Url { get; private set; }

    /// <param name="path">The file's path in the torrent.</param>
    /// <param name="open">Opens the file again for each request.</param>
    /// <param name="port">The loopback port; 0 lets the system choose.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="CliException">The port is taken.</exception>
    public static async Task<StreamServer> StartAsync(string path, Func<Stream> open, int port, CancellationToken cancellationToken)
    {
        StreamServer server = new(port);
        try
        {
            await server._server.StartAsync<HttpContext>(new StreamApplication(path, open), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new CliException(
                $"Players cannot be served on port {port} of 127.0.0.1: {e.Message.TrimEnd('.')}.",
                "Name another one with --http-port.",
                e);
        }

        string address = server._server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        server.Url = new Uri(new Uri(address), Uri.EscapeDataString(Path.GetFileName(path)));
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(1));
        await _server.StopAsync(patience.Token).ConfigureAwait(false);
        _server.Dispose();
    }
}
