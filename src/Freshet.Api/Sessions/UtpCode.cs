using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>Whether peers are connected to over uTP. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<UtpCode>))]
public enum UtpCode
{
    /// <summary>Over TCP and uTP; a dial tries TCP first.</summary>
    On,

    /// <summary>Over TCP alone.</summary>
    Off,

    /// <summary>Over uTP alone.</summary>
    Only,
}
