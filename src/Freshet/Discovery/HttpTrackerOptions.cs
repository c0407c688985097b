using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Freshet.Discovery;

/// <summary>How HTTP trackers are reached.</summary>
internal sealed record HttpTrackerOptions
{
    /// <summary>The local address that all connections come from, or null for the system's choice. If it cannot be used, nothing is sent.</summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>A proxy for all requests, or null for none: the environment's is not used unasked.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>How names become addresses.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>By which certificates of HTTPS trackers are judged, or null for what this machine trusts.</summary>
    public X509ChainPolicy? ChainPolicy { get; init; }

    /// <summary>For a connection, all of the host's addresses together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For a request from its first step to the answer's last byte.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For a request's turn, when many are under way. With <see cref="Timeout"/> less than what an announce schedule waits.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
