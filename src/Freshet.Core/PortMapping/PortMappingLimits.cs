namespace Freshet.Core.PortMapping;

/// <summary>The bounds of port mapping (NAT-PMP, PCP, UPnP).</summary>
internal static class PortMappingLimits
{
    /// <summary>Bytes of the longest message of PCP (RFC 6887, section 7).</summary>
    public const int MaxPcpLength = 1_100;

    /// <summary>Seconds for which a mapping is asked for (RFC 6886 recommends as many).</summary>
    public const int LifetimeSeconds = 7_200;

    /// <summary>Seconds that a mapping lasts at least, and at most, whatever the gateway says: it is renewed at half of it.</summary>
    public const int MinLifetimeSeconds = 120;

    /// <inheritdoc cref="MinLifetimeSeconds"/>
    public const int MaxLifetimeSeconds = 86_400;

    /// <summary>Seconds until a gateway that does not answer, or that refuses, is asked again.</summary>
    public const int RetrySeconds = 900;

    /// <summary>Times that a mapping is asked for by PCP before NAT-PMP is tried, and by NAT-PMP before it is given up.</summary>
    public const int MaxPcpTries = 2;

    /// <inheritdoc cref="MaxPcpTries"/>
    public const int MaxNatPmpTries = 5;

    /// <summary>Bytes of an answer to a search over SSDP.</summary>
    public const int MaxSsdpLength = 2_048;

    /// <summary>Answers to one search over SSDP that are looked at.</summary>
    public const int MaxSsdpAnswers = 64;

    /// <summary>Bytes of a description or an answer of a UPnP gateway.</summary>
    public const int MaxUpnpLength = 256 * 1024;

    /// <summary>Elements within each other in a UPnP document.</summary>
    public const int MaxUpnpDepth = 32;

    /// <summary>Elements of a UPnP document.</summary>
    public const int MaxUpnpElements = 4_096;

    /// <summary>External ports that are tried over UPnP, if others have them.</summary>
    public const int MaxUpnpPorts = 5;
}
