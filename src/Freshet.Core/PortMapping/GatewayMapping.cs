using Freshet.Core.Rates;

namespace Freshet.Core.PortMapping;

/// <summary>The state of the mapping of one of our ports in a <see cref="GatewayMachine"/>.</summary>
internal sealed class GatewayMapping(MappedProtocol protocol, int internalPort)
{
    public MappedProtocol Protocol { get; } = protocol;

    public int InternalPort { get; } = internalPort;

    /// <summary>The gateway's port that is mapped to ours; 0 while there is none.</summary>
    public int ExternalPort { get; set; }

    /// <summary>When the mapping expires if it is not renewed.</summary>
    public Timestamp Expires { get; set; } = Timestamp.Never;

    /// <summary>Whether a request to the gateway is unanswered.</summary>
    public bool IsAsked { get; set; }

    /// <summary>The number of requests since the last response.</summary>
    public int Tries { get; set; }

    /// <summary>When to send or repeat the request.</summary>
    public Timestamp Next { get; set; }
}
