namespace Freshet.Cli;

/// <summary>An expected failure, in words for the user: what went wrong and where, and what to do next.</summary>
internal sealed class CliException : Exception
{
    public CliException(string message, string? advice = null, Exception? cause = null)
        : base(message, cause) => Advice = advice;

    /// <summary>What the user may do about it, or null where that is plain.</summary>
    public string? Advice { get; }

    /// <summary>More lines, between the message and the advice.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
