namespace Freshet.Cli.State;

/// <summary>The state folder of a command.</summary>
internal static class StatePath
{
    /// <param name="named">The folder given by the user; null for the default.</param>
    public static string Of(DirectoryInfo? named) => named?.FullName ?? new SessionOptions().StateFolder!;
}
