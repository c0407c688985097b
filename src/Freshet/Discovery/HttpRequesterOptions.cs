using System.Security.Cryptography.X509Certificates;
using Freshet.Core.Trackers;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>How HTTP servers are reached.</summary>
internal sealed record HttpRequesterOptions
{
    /// <summary>The binding of all connections, which also resolves names. If its address cannot be used, nothing is sent.</summary>
    public NetworkBinding Binding { get; init; } = new();

    /// <summary>
    /// The proxy that all connections go through, which then resolves all names; null for none. The environment's proxy is never used
    /// implicitly.
    /// </summary>
    public ProxyDialer? Proxy { get; init; }

    /// <summary>
    /// How certificates of HTTPS servers are validated. By default by this machine's trust store, and offline: a certificate names URLs of
    /// its issuer's certificate and of revocation lists, which the framework would otherwise fetch by itself, from any local address.
    /// </summary>
    public X509ChainPolicy ChainPolicy { get; init; } = OfflinePolicy();

    /// <summary>Whether trackers are asked where their hosts say in DNS that they are (BEP 34).</summary>
    public bool ReadsPreferences { get; init; } = true;

    /// <summary>The clock by which names are looked up again.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The time limit for connecting, for all of the host's addresses together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time limit for a request, from its start to the last byte of the answer, redirects included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum length of an answer in bytes, decompressed.</summary>
    public int MaxResponseLength { get; init; } = TrackerLimits.MaxResponseLength;

    /// <summary>Cancelled when all connections made from now on have become useless.</summary>
    public CancellationToken UntilLost => Proxy?.UntilLost ?? Binding.UntilLost;

    /// <summary>Why connections have ended, for people.</summary>
    public string Trouble => $"{(Proxy?.Trouble ?? Binding.Trouble) ?? "the local address has changed"}, so the request was cut off";

    /// <summary>The options for one kind of server.</summary>
    public static HttpRequesterOptions For(NetworkWays ways, ProxyUses kind) =>
        new() { Binding = ways.BindingFor(kind), Proxy = ways.ProxyFor(kind) };

    private static X509ChainPolicy OfflinePolicy() =>
        new() { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
}
