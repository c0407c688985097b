using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>Traffic that a proxy is used for. In JSON: the names in lower case.</summary>
[JsonConverter(typeof(CodeConverter<ProxyUseCode>))]
public enum ProxyUseCode
{
    /// <summary>Connections to peers.</summary>
    Peers,

    /// <summary>Trackers, and .torrent files from a URL.</summary>
    Trackers,

    /// <summary>Web seeds.</summary>
    Webseeds,

    /// <summary>The DHT.</summary>
    Dht,
}
