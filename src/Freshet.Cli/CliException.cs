namespace Freshet.Cli;

/// <summary>An expected failure, with a message for the user: what went wrong, where, and what to do next.</summary>
internal sealed class CliException : Exception
{
    public CliException(string message, string? advice = null, Exception? cause = null)
        : base(message, cause) => Advice = advice;

    /// <summary>What the user can do about it, or null if that is obvious.</summary>
    public string? Advice { get; }

    /// <summary>More lines, between the message and the advice.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
