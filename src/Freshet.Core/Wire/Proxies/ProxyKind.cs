namespace Freshet.Core.Wire.Proxies;

/// <summary>The protocol of a proxy.</summary>
public enum ProxyKind
{
    /// <summary>SOCKS version 5 (RFC 1928). Carries TCP, and UDP if the proxy relays it.</summary>
    Socks5,

    /// <summary>HTTP, by CONNECT (RFC 9110, section 9.3.6), which the proxy must allow to all ports. Carries only TCP.</summary>
    Http,
}
