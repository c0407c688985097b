using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>What of a connection with a peer is encrypted. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<PeerEncryptionCode>))]
public enum PeerEncryptionCode
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The handshake, which names the torrent.</summary>
    Handshake,

    /// <summary>All of it.</summary>
    Full,
}
