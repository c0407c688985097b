using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Freshet.Tracker.Http;
using Freshet.Tracker.Swarms;
using Freshet.Tracker.Udp;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Freshet.Tracker;

/// <summary>
/// A BitTorrent tracker over HTTP (<c>/announce</c>, <c>/scrape</c> and a text status at <c>/</c>) and over UDP, with the same swarms. It
/// reads no configuration and handles no signals; its host does.
/// </summary>
public sealed class TrackerServer : IAsyncDisposable
{
    // Each round sweeps a thousand swarms, so that a hundred thousand of them are swept every hundred seconds.
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly KestrelServer _server;
    private readonly SharedSwarms _swarms;
    private readonly OpenConnections _connections;
    private readonly List<UdpListener> _udp = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;

    private TrackerServer(TrackerOptions options, ILoggerFactory loggers)
    {
        _swarms = new SharedSwarms(new SwarmStore(options, new Random()));
        _connections = new OpenConnections(options);
        _server = new KestrelServer(
            Options.Create(ToKestrel(options, _connections)),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers),
            loggers);
    }

    /// <summary>The HTTP endpoints, with the ports chosen by the system.</summary>
    public ImmutableArray<IPEndPoint> HttpEndPoints { get; private set; } = [];

    /// <summary>The UDP endpoints, with the ports chosen by the system.</summary>
    public ImmutableArray<IPEndPoint> UdpEndPoints { get; private set; } = [];

    /// <summary>The announce URL of the first endpoint, HTTP before UDP.</summary>
    public Uri AnnounceUrl => HttpEndPoints.IsEmpty ? UdpAnnounceUrl! : new Uri($"http://{HttpEndPoints[0]}/announce");

    /// <summary>The announce URL of the first UDP endpoint; null if there is none.</summary>
    public Uri? UdpAnnounceUrl => UdpEndPoints.IsEmpty ? null : new Uri($"udp://{UdpEndPoints[0]}/announce");

    /// <summary>The current statistics.</summary>
    public TrackerStatistics Statistics => _swarms.Statistics;

    /// <summary>Starts a tracker, which serves until it is disposed.</summary>
    /// <param name="options">The tracker's options.</param>
    /// <param name="loggers">The destination of the HTTP server's own messages; null for none.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">The options are invalid; the message names everything that is wrong.</exception>
    /// <exception cref="IOException">
    /// An endpoint cannot be listened on: its port is taken, or its address does not belong to this machine.
    /// </exception>
    public static async Task<TrackerServer> StartAsync(
        TrackerOptions options, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ImmutableArray<string> errors = options.Validate();
        if (!errors.IsEmpty)
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        TrackerServer tracker = new(options, loggers ?? NullLoggerFactory.Instance);
        try
        {
            tracker.ListenForDatagrams(options);
            if (!options.HttpEndPoints.IsDefaultOrEmpty)
                await tracker.ListenForHttpAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await tracker.DisposeAsync().ConfigureAwait(false);

            // The HTTP server wraps one of the reasons and not the others.
            if (e is SocketException)
                throw new IOException($"The tracker cannot listen on {EndPointsOf(options)}: {e.Message}", e);
            throw;
        }

        tracker.UdpEndPoints = [.. tracker._udp.Select(listener => listener.EndPoint)];
        tracker._sweeping = tracker.SweepAsync();
        return tracker;
    }

    /// <summary>Stops the tracker: answers pending requests, for a few seconds at most, and closes the ports.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(false);
        foreach (UdpListener listener in _udp)
            listener.Dispose();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(2));
        await _server.StopAsync(patience.Token).ConfigureAwait(false);
        _server.Dispose();
        _stopping.Dispose();
    }

    // Without an endpoint the server would choose one of its own.
    private async Task ListenForHttpAsync(TrackerOptions options, CancellationToken cancellationToken)
    {
        TrackerApplication application = new(_swarms, _connections, options);
        await _server.StartAsync<HttpContext>(application, cancellationToken).ConfigureAwait(false);
        HttpEndPoints = [.. _server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(ToEndPoint)];
    }

    private void ListenForDatagrams(TrackerOptions options)
    {
        ConnectionIds connections = new(NewHash());
        foreach (IPEndPoint endPoint in options.UdpEndPoints.IsDefault ? [] : options.UdpEndPoints)
        {
            UdpListener listener = new(endPoint, new UdpApplication(_swarms, connections, options));
            _udp.Add(listener);
            listener.Start();
        }
    }

    private static SipHash NewHash()
    {
        Span<ulong> key = stackalloc ulong[2];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(key));
        return new SipHash(key[0], key[1]);
    }

    private static string EndPointsOf(TrackerOptions options) =>
        string.Join(", ", (options.HttpEndPoints.IsDefault ? [] : options.HttpEndPoints).Concat(options.UdpEndPoints));

    private static KestrelServerOptions ToKestrel(TrackerOptions options, OpenConnections connections)
    {
        KestrelServerOptions kestrel = new() { AddServerHeader = false };
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(10);
        foreach (IPEndPoint endPoint in options.HttpEndPoints.IsDefault ? [] : options.HttpEndPoints)
        {
            kestrel.Listen(endPoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(connections.Guard);
            });
        }

        return kestrel;
    }

    private static IPEndPoint ToEndPoint(string address)
    {
        Uri uri = new(address);
        return new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port);
    }

    private async Task SweepAsync()
    {
        using PeriodicTimer timer = new(SweepInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
                _swarms.Sweep();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }
}
