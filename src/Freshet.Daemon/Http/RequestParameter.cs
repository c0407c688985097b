namespace Freshet.Daemon.Http;

/// <summary>A parameter in the query, or the headers, of a request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The JSON Schema type of its value.</param>
/// <param name="Meaning">What it does.</param>
internal sealed record RequestParameter(string Name, string Type, string Meaning)
{
    /// <summary>Whether it may be there several times.</summary>
    public bool IsList { get; init; }

    /// <summary>What its value may be; null if any of its type.</summary>
    public ValueLimits? Limits { get; init; }
}
