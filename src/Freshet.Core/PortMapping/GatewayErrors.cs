namespace Freshet.Core.PortMapping;

/// <summary>Describes why a gateway does not map a port.</summary>
internal static class GatewayErrors
{
    /// <summary>Describes a result code of NAT-PMP (RFC 6886, section 3.5).</summary>
    public static string OfNatPmp(int result) => result switch
    {
        1 => "it speaks another version of NAT-PMP",
        2 => "it is set up to map no ports",
        3 => "it has no address on the internet itself",
        4 => "it has no room for another mapping",
        5 => "it does not map ports",
        _ => $"NAT-PMP result {result}",
    };

    /// <summary>Describes a result code of PCP (RFC 6887, section 7.4).</summary>
    public static string OfPcp(int result) => result switch
    {
        1 => "it speaks another version of PCP",
        2 => "it is set up to map no ports",
        3 => "it rejects the request as malformed",
        4 or 5 or 6 => "it does not map ports",
        7 => "it has no address on the internet itself",
        8 or 10 => "it has no room for another mapping",
        9 => "it does not map this protocol",
        11 => "it cannot map to this port",
        12 => "another router stands between it and this machine",
        _ => $"PCP result {result}",
    };
}
