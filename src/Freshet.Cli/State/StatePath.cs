namespace Freshet.Cli.State;

/// <summary>The state folder of a command.</summary>
internal static class StatePath
{
    /// <param name="named">The folder that the user names; null for the usual one.</param>
    public static string Of(DirectoryInfo? named) => named?.FullName ?? new SessionOptions().StateFolder!;
}
