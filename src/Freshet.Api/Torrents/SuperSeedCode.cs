using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>When a seed gives each peer only pieces that nobody else has (BEP 16). In JSON: the names in lower case.</summary>
[JsonConverter(typeof(CodeConverter<SuperSeedCode>))]
public enum SuperSeedCode
{
    /// <summary>When it seems to be the only seed, and more than one peer wants its data.</summary>
    Automatic,

    /// <summary>Whenever its peers do not have everything between them.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
