using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>How much a file is wanted. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<PriorityCode>))]
public enum PriorityCode
{
    /// <summary>In its turn.</summary>
    Normal,

    /// <summary>Not at all.</summary>
    Skip,

    /// <summary>After the others.</summary>
    Low,

    /// <summary>Before the others.</summary>
    High,
}
