namespace AIOrleans.Protocols.Chat;

/// <summary>The client's wish that everything up to here be cached by the provider.</summary>
public enum CacheMark
{
    None,
    FiveMinutes,
    OneHour,
}
