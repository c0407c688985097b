using Freshet.Core.Rates;

namespace Freshet.Core.PortMapping;

/// <summary>A port of ours, and how far a <see cref="GatewayMachine"/> has got with it.</summary>
internal sealed class GatewayMapping(MappedProtocol protocol, int internalPort)
{
    public MappedProtocol Protocol { get; } = protocol;

    public int InternalPort { get; } = internalPort;

    /// <summary>The port of the gateway that leads here; 0 while there is none.</summary>
    public int ExternalPort { get; set; }

    /// <summary>When that ends, if it is not renewed.</summary>
    public Timestamp Expires { get; set; } = Timestamp.Never;

    /// <summary>Whether the gateway was asked, and has not answered.</summary>
    public bool IsAsked { get; set; }

    /// <summary>How often it was asked since it answered last.</summary>
    public int Tries { get; set; }

    /// <summary>When to ask, or to ask again.</summary>
    public Timestamp Next { get; set; }
}
