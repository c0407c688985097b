namespace Freshet.Core.PortMapping;

/// <summary>Bounds of port mapping (NAT-PMP, PCP, UPnP).</summary>
internal static class PortMappingLimits
{
    /// <summary>Bytes of the longest PCP message (RFC 6887, section 7).</summary>
    public const int MaxPcpLength = 1_100;

    /// <summary>The requested lifetime of a mapping in seconds (as RFC 6886 recommends).</summary>
    public const int LifetimeSeconds = 7_200;

    /// <summary>
    /// The shortest and the longest lifetime in seconds that is assumed, whatever the gateway says; a mapping is renewed at half of it at
    /// the latest.
    /// </summary>
    public const int MinLifetimeSeconds = 30;

    /// <inheritdoc cref="MinLifetimeSeconds"/>
    public const int MaxLifetimeSeconds = 86_400;

    /// <summary>
    /// The most seconds until a mapping is renewed. A router that restarts forgets its mappings, and says so by multicast at most, which
    /// may not be heard.
    /// </summary>
    public const int MaxRenewalSeconds = 600;

    /// <summary>The same over UPnP, where some routers write each mapping to memory that wears out.</summary>
    public const int UpnpRenewalSeconds = 1_200;

    /// <summary>Seconds until a gateway that does not answer or refuses is asked again.</summary>
    public const int RetrySeconds = 900;

    /// <summary>Requests for a mapping by PCP before NAT-PMP is tried, and by NAT-PMP before giving up.</summary>
    public const int MaxPcpTries = 2;

    /// <inheritdoc cref="MaxPcpTries"/>
    public const int MaxNatPmpTries = 5;

    /// <summary>Bytes of an SSDP search response.</summary>
    public const int MaxSsdpLength = 2_048;

    /// <summary>Responses to one SSDP search that are processed.</summary>
    public const int MaxSsdpAnswers = 64;

    /// <summary>Bytes of a UPnP gateway's description or response.</summary>
    public const int MaxUpnpLength = 256 * 1024;

    /// <summary>The deepest nesting of elements in a UPnP document.</summary>
    public const int MaxUpnpDepth = 32;

    /// <summary>Elements of a UPnP document.</summary>
    public const int MaxUpnpElements = 4_096;

    /// <summary>External ports that are tried over UPnP if some are already in use by others.</summary>
    public const int MaxUpnpPorts = 5;
}
