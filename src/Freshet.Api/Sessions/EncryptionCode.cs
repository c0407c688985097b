using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>Whether connections with peers are encrypted. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<EncryptionCode>))]
public enum EncryptionCode
{
    /// <summary>Never.</summary>
    Disabled,

    /// <summary>With peers that require it.</summary>
    Allowed,

    /// <summary>Wherever a peer can.</summary>
    Preferred,

    /// <summary>Always; peers that cannot are refused.</summary>
    Required,
}
