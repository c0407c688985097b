using System.Text.Json;
using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>Writes a value of an enumeration as its name in lower case, with hyphens between words; numbers are refused.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class CodeConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
