namespace Freshet.Daemon.Configuration;

/// <summary>An option of the daemon as people write it.</summary>
/// <param name="Name">Its name in the file; in the environment with FRESHET_ before it; as a flag with hyphens between words.</param>
/// <param name="ValueName">What kind of value it takes, for help.</param>
/// <param name="Meaning">What it does, a sentence.</param>
/// <param name="Default">What it is if nobody says, in words.</param>
public sealed record Setting(string Name, string ValueName, string Meaning, string Default)
{
    /// <summary>Whether it takes several values.</summary>
    public bool IsList { get; init; }

    /// <summary>Its flag: <c>--max-download-rate</c>.</summary>
    public string Flag => "--" + string.Concat(Name.Select((c, i) => char.IsAsciiLetterUpper(c)
        ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c)
        : c.ToString()));

    /// <summary>Sets it; throws <see cref="FormatException"/> with what the value should be.</summary>
    internal Func<DaemonOptions, IReadOnlyList<string>, DaemonOptions> Apply { get; init; } = static (options, _) => options;
}
