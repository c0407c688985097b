using System.Security.Cryptography.X509Certificates;
using Freshet.Core.Trackers;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>How HTTP servers are reached.</summary>
internal sealed record HttpRequesterOptions
{
    /// <summary>Where all connections come from, and how names become addresses. If its address cannot be used, nothing is sent.</summary>
    public NetworkBinding Binding { get; init; } = new();

    /// <summary>
    /// The proxy that all connections go through, which then looks up all names; null for none: the environment's is not used unasked.
    /// </summary>
    public ProxyDialer? Proxy { get; init; }

    /// <summary>
    /// By which certificates of HTTPS servers are judged. By default by what this machine trusts, and offline: a certificate names URLs of
    /// its issuer's certificate and of revocation lists, and the framework would fetch them by itself, from any local address.
    /// </summary>
    public X509ChainPolicy ChainPolicy { get; init; } = OfflinePolicy();

    /// <summary>For a connection, all of the host's addresses together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For a request from its first step to the answer's last byte, redirects included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of an answer, unpacked.</summary>
    public int MaxResponseLength { get; init; } = TrackerLimits.MaxResponseLength;

    /// <summary>For servers of a kind.</summary>
    public static HttpRequesterOptions For(NetworkWays ways, ProxyUses kind) =>
        new() { Binding = ways.BindingFor(kind), Proxy = ways.ProxyFor(kind) };

    private static X509ChainPolicy OfflinePolicy() =>
        new() { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
}
