using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;

namespace Freshet;

/// <summary>Options of a <see cref="DhtNode"/>. Immutable.</summary>
public sealed record DhtNodeOptions
{
    /// <summary>The UDP port, 0 to 65,535; 0, the default, lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>The one local address or interface to use. Null, the default, means every address of both families.</summary>
    public BindTarget? Bind { get; init; }

    /// <summary>The address of <see cref="Bind"/>, if it is an address.</summary>
    public IPAddress? BindAddress
    {
        get => Bind?.Address;
        init => Bind = value;
    }

    /// <summary>
    /// The name servers that are asked for the addresses of bootstrap nodes: see <see cref="SessionOptions.NameServers"/>.
    /// </summary>
    public ImmutableArray<IPEndPoint> NameServers { get; init; } = [];

    /// <summary>
    /// The proxy through which all DHT traffic goes, if it is configured for the DHT; it must be able to relay UDP. Other nodes cannot
    /// query this node then. Null, the default, means no proxy.
    /// </summary>
    public ProxyOptions? Proxy { get; init; }

    /// <summary>How the node takes part in the DHT.</summary>
    public DhtOptions Dht { get; init; } = new();

    /// <summary>The clock, for the time of day and for timers. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Validates the options.</summary>
    /// <exception cref="ArgumentException">An option is invalid; the message names every invalid one.</exception>
    public void Validate()
    {
        List<string> errors = [];
        SessionOptions.RequireRange(Port, 0, IPEndPoint.MaxPort, nameof(Port), errors);
        Dht.Validate(errors);
        SessionOptions.ValidateNameServers(NameServers, errors);
        if (Proxy?.Mistake() is { } mistake)
            errors.Add($"{nameof(Proxy)}: {mistake}");
        if (Proxy is { Kind: ProxyKind.Http } && Proxy.Uses.HasFlag(ProxyUses.Dht))
            errors.Add($"{nameof(Proxy)} is one of HTTP, which carries no UDP");
        SessionOptions.ThrowIfAny(errors);
    }
}
