namespace Freshet.Core.Wire.Proxies;

/// <summary>Who is at fault when a proxy does not open a way.</summary>
internal enum ProxyFailure
{
    /// <summary>The proxy: it answers nonsense, wants a password, or forbids it. No other target fares better.</summary>
    Proxy,

    /// <summary>The target refuses.</summary>
    Refused,

    /// <summary>The target, its network or its name cannot be reached.</summary>
    Unreachable,

    /// <summary>The target did not answer the proxy in time.</summary>
    TimedOut,

    /// <summary>The proxy cannot do what was asked for: to relay datagrams, mostly.</summary>
    Unsupported,
}
