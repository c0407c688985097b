using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet;

/// <summary>How an operation without a session reaches the network. A <see cref="BindTarget"/> converts to it implicitly.</summary>
public sealed record NetworkAccess
{
    /// <summary>
    /// The local address or interface that all traffic comes from, or null for the system's choice. If it cannot be used, nothing is sent.
    /// </summary>
    public BindTarget? Bind { get; init; }

    /// <inheritdoc cref="SessionOptions.NameServers"/>
    public ImmutableArray<IPEndPoint> NameServers { get; init; } = [];

    /// <summary>The proxy that all traffic of the kinds it is configured for goes through, and never around; null for none.</summary>
    public ProxyOptions? Proxy { get; init; }

    /// <summary>Access from a local address or interface.</summary>
    public static implicit operator NetworkAccess(BindTarget? bind) => FromBindTarget(bind);

    /// <summary>Access from a local address.</summary>
    public static implicit operator NetworkAccess(IPAddress? bind) => FromIPAddress(bind);

    /// <summary>Access from a local address.</summary>
    public static NetworkAccess FromIPAddress(IPAddress? bind) => new() { Bind = bind };

    /// <summary>Access from a local address or interface.</summary>
    public static NetworkAccess FromBindTarget(BindTarget? bind) => new() { Bind = bind };

    /// <exception cref="ArgumentException">The name servers or the proxy options are invalid.</exception>
    internal static NetworkWays WaysOf(NetworkAccess? access) => access?.Proxy?.Mistake() is { } mistake
        ? throw new ArgumentException($"{nameof(Proxy)}: {mistake}.", nameof(access))
        : new NetworkWays(BindingOf(access), access?.Proxy);

    /// <exception cref="ArgumentException">The name servers are invalid.</exception>
    internal static NetworkBinding BindingOf(NetworkAccess? access)
    {
        ImmutableArray<IPEndPoint> servers = access?.NameServers ?? [];
        List<string> errors = [];
        SessionOptions.ValidateNameServers(servers, errors);
        SessionOptions.ThrowIfAny(errors);
        return new NetworkBinding(access?.Bind) { NameServers = servers };
    }
}
