namespace Freshet;

/// <summary>Something expected went wrong; the message says what, where, and what to do next.</summary>
public class FreshetException : Exception
{
    /// <summary>With no words.</summary>
    public FreshetException()
    {
    }

    /// <summary>With words.</summary>
    public FreshetException(string message)
        : base(message)
    {
    }

    /// <summary>With words and the cause.</summary>
    public FreshetException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
