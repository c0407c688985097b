namespace Freshet.Core.Peers;

/// <summary>The scope in which an IP address is valid.</summary>
internal enum AddressScope
{
    /// <summary>The internet.</summary>
    Public,

    /// <summary>A local network: private (RFC 1918, RFC 4193), carrier-grade NAT (RFC 6598), or benchmarking.</summary>
    Private,

    /// <summary>
    /// A single link (RFC 3927, RFC 4291). Cloud providers serve instance metadata, including credentials, at such an address.
    /// </summary>
    LinkLocal,

    /// <summary>This machine. Includes the unspecified address, which systems treat as this machine too.</summary>
    Loopback,

    /// <summary>Not the address of any host: multicast, broadcast and reserved addresses.</summary>
    Unusable,
}
