using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>Explains to people why a state folder cannot be used.</summary>
internal static class StateTrouble
{
    /// <summary>What a user can do in every case.</summary>
    public const string WhatToDo = "Make the state folder writable and see that it has space, or use another.";

    /// <summary>Runs a call that needs the state folder to be writable.</summary>
    /// <param name="call">The call.</param>
    /// <param name="action">What it tries, as in "cannot …".</param>
    /// <param name="path">Where.</param>
    /// <param name="locked">What to say if somebody else has what it opens locked.</param>
    /// <exception cref="FreshetException">Somebody has, or it cannot be written.</exception>
    public static T Guard<T>(Func<T> call, string action, string path, string? locked = null)
    {
        try
        {
            return call();
        }
        catch (IOException e) when (locked is not null && Errno.IsLocked(e.HResult))
        {
            throw new FreshetException(FreshetError.Locked, locked, e);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            throw new FreshetException(
                FreshetError.Storage, $"The state folder cannot be used. {WordsOf(e, action, path)} {WhatToDo}", e);
        }
    }

    /// <summary>
    /// Whether a file of the state folder could not be read, and is possibly intact: neither missing nor invalid.
    /// </summary>
    public static bool IsUnreadable(FreshetException exception) => exception.InnerException is UnauthorizedAccessException
        || (exception.InnerException is IOException inner && !Errno.IsMissing(inner));

    /// <summary>Describes an error in a sentence.</summary>
    /// <param name="exception">The exception of a call to the folder's files.</param>
    /// <param name="action">What was tried, as in "cannot …".</param>
    /// <param name="path">The path.</param>
    public static string WordsOf(Exception exception, string action, string path) =>
        StorageError.Describe(exception, action, path);
}
