using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>A day of the week. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<DayCode>))]
public enum DayCode
{
    /// <summary>Sunday.</summary>
    Sun,

    /// <summary>Monday.</summary>
    Mon,

    /// <summary>Tuesday.</summary>
    Tue,

    /// <summary>Wednesday.</summary>
    Wed,

    /// <summary>Thursday.</summary>
    Thu,

    /// <summary>Friday.</summary>
    Fri,

    /// <summary>Saturday.</summary>
    Sat,
}
