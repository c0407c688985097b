namespace Freshet.Core.Wire.Proxies;

/// <summary>Bounds on communication with proxies.</summary>
internal static class ProxyLimits
{
    /// <summary>Characters of a host name, and bytes of a user name or password: a length in SOCKS5 is one byte.</summary>
    public const int MaxText = 255;

    /// <summary>Bytes of an HTTP proxy's answer to CONNECT, including its headers.</summary>
    public const int MaxConnectAnswer = 8 * 1024;

    /// <summary>Host names to which datagrams are sent through a proxy; beyond that, the one used longest ago is forgotten.</summary>
    public const int MaxRelayedNames = 4_096;
}
