namespace Freshet.Core.Peers;

/// <summary>How far an IP address reaches.</summary>
internal enum AddressScope
{
    /// <summary>The internet.</summary>
    Public,

    /// <summary>
    /// A local network: private (RFC 1918, RFC 4193), shared with other customers of a provider (RFC 6598), or for benchmarks.
    /// </summary>
    Private,

    /// <summary>
    /// One link (RFC 3927, RFC 4291). Clouds serve the metadata of a machine, credentials among them, at such an address.
    /// </summary>
    LinkLocal,

    /// <summary>This machine. Systems take an unspecified address as this machine too.</summary>
    Loopback,

    /// <summary>Nobody's: multicast, broadcast and reserved addresses.</summary>
    Unusable,
}
