using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>What a connection with a peer goes through. In JSON: the names in lower case.</summary>
[JsonConverter(typeof(CodeConverter<PeerPathCode>))]
public enum PeerPathCode
{
    /// <summary>Nothing that either side had to arrange.</summary>
    Direct,

    /// <summary>A hole that was punched through the routers of both sides, with the help of another peer (BEP 55).</summary>
    Hole,

    /// <summary>The proxy.</summary>
    Proxy,
}
