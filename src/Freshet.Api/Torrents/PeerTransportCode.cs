using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>What carries a connection with a peer. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<PeerTransportCode>))]
public enum PeerTransportCode
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>uTP, over UDP.</summary>
    Utp,
}
