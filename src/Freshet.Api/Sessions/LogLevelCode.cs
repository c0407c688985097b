using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>How important an entry of the log is. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<LogLevelCode>))]
public enum LogLevelCode
{
    /// <summary>Each connection.</summary>
    Debug,

    /// <summary>What happened.</summary>
    Info,

    /// <summary>What a person should know.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,
}
