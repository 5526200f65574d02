using Microsoft.AspNetCore.Http;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>What the application may do on the way.</summary>
public class JwtBearerEvents
{
    /// <summary>Called first: the application may say where the token is.</summary>
    public Func<MessageReceivedContext, Task> OnMessageReceived { get; set; } = _ => Task.CompletedTask;

    public virtual Task MessageReceived(MessageReceivedContext context) => OnMessageReceived(context);
}

/// <summary>A request has come, and its token was not looked for yet.</summary>
public class MessageReceivedContext(HttpContext context, AuthenticationScheme scheme, JwtBearerOptions options)
    : ResultContext<JwtBearerOptions>(context, scheme, options)
{
    /// <summary>The token; null: the one of the header <c>Authorization</c>.</summary>
    public string? Token { get; set; }
}
