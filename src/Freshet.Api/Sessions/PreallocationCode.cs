using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>How disk space is taken for files. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<PreallocationCode>))]
public enum PreallocationCode
{
    /// <summary>As data arrives.</summary>
    Sparse,

    /// <summary>At the start.</summary>
    Full,
}
